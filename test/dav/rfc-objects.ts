const eastern = [
  'BEGIN:VTIMEZONE',
  'TZID:US/Eastern',
  'BEGIN:DAYLIGHT',
  'DTSTART:20000404T020000',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4',
  'TZNAME:EDT',
  'TZOFFSETFROM:-0500',
  'TZOFFSETTO:-0400',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:20001026T020000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'TZNAME:EST',
  'TZOFFSETFROM:-0400',
  'TZOFFSETTO:-0500',
  'END:STANDARD',
  'END:VTIMEZONE',
];

const component = (name: string, ...lines: string[]): string[] => [
  `BEGIN:${name}`,
  'DTSTAMP:20060206T001121Z',
  ...lines,
  `END:${name}`,
];

const object = (...inner: string[][]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//test//EN',
    ...inner.flat(),
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** What RFC 4791 appendix B has in its calendar, by the times and properties that the examples ask about. */
export const objects: Readonly<Record<string, string>> = {
  'abcd1.ics': object(
    eastern,
    component(
      'VEVENT',
      'UID:1',
      'DTSTART;TZID=US/Eastern:20060102T120000',
      'DURATION:PT1H',
      'SUMMARY:Event #1',
    ),
  ),
  'abcd2.ics': object(
    eastern,
    component(
      'VEVENT',
      'UID:2',
      'DTSTART;TZID=US/Eastern:20060102T120000',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=5',
      'SUMMARY:Event #2',
    ),
    component(
      'VEVENT',
      'UID:2',
      'RECURRENCE-ID;TZID=US/Eastern:20060104T120000',
      'DTSTART;TZID=US/Eastern:20060104T140000',
      'DURATION:PT1H',
      'SUMMARY:Event #2 bis',
    ),
    component(
      'VEVENT',
      'UID:2',
      'RECURRENCE-ID;TZID=US/Eastern:20060106T120000',
      'DTSTART;TZID=US/Eastern:20060106T140000',
      'DURATION:PT1H',
      'SUMMARY:Event #2 bis bis',
    ),
  ),
  'abcd3.ics': object(
    eastern,
    component(
      'VEVENT',
      'UID:DC6C50A017428C5216A2F1CD@example.com',
      'DTSTART;TZID=US/Eastern:20060104T100000',
      'DURATION:PT1H',
      'STATUS:TENTATIVE',
      'ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:cyrus@example.com',
      'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lisa@example.com',
      'ORGANIZER:mailto:cyrus@example.com',
      'SUMMARY:Event #3',
    ),
  ),
  'abcd4.ics': object(
    component(
      'VTODO',
      'UID:4',
      'DUE;VALUE=DATE:20060104',
      'STATUS:NEEDS-ACTION',
      'SUMMARY:Task #1',
      'BEGIN:VALARM',
      'ACTION:AUDIO',
      'TRIGGER;RELATED=START:-PT10M',
      'END:VALARM',
    ),
  ),
  'abcd5.ics': object(
    component(
      'VTODO',
      'UID:5',
      'DTSTART:20060106T100000Z',
      'DUE:20060106T110000Z',
      'STATUS:NEEDS-ACTION',
      'BEGIN:VALARM',
      'ACTION:AUDIO',
      'TRIGGER;RELATED=START:-PT10M',
      'END:VALARM',
    ),
  ),
  'abcd6.ics': object(
    component('VTODO', 'UID:6', 'COMPLETED:20051223T122322Z', 'DUE;VALUE=DATE:20051225', 'STATUS:COMPLETED'),
  ),
  'abcd7.ics': object(
    component('VTODO', 'UID:7', 'DUE;VALUE=DATE:20060101', 'STATUS:CANCELLED', 'SUMMARY:Task #4'),
  ),
  'abcd8.ics': object(
    component(
      'VFREEBUSY',
      'UID:8',
      'DTSTART:20060101T000000Z',
      'DTEND:20060108T000000Z',
      'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060102T100000Z/20060102T120000Z',
    ),
  ),
};
