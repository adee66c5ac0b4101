export const importances = ['high', 'normal', 'low'] as const;
export type Importance = (typeof importances)[number];
