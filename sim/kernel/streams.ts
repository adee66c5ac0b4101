/** One number for each independent source of randomness. Adding a source must not renumber the others. */
export const streams = {
  sharing: 1,
  changeGap: 2,
  changeWriter: 3,
  changeImportance: 4,
  changeBytes: 5,
  changeObject: 6,
  policy: 7,
  roundTrip: 8,
  service: 9,
  pushService: 10,
  pushDelay: 11,
  pushLoss: 12,
  paging: 13,
  keepAlivePhase: 14,
  offline: 15,
} as const;
