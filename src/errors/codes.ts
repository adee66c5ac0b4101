/** Exit codes of the command line. */
export const exitCodes = {
  done: 0,
  badVerdict: 1,
  wrongUse: 2,
  cannotTell: 3,
  interrupted: 130,
} as const;

/**
 * Every error that davpulse raises on purpose: its stable code, the exit code it leads to, and what it means.
 * The README lists the same table.
 */
export const errorCodes = {
  DAVPULSE_SCENARIO_INVALID: {
    exit: exitCodes.wrongUse,
    meaning: 'a scenario or study file has an error at the named place',
  },
  DAVPULSE_FILE_UNREADABLE: {
    exit: exitCodes.wrongUse,
    meaning: 'a file that was named cannot be read or written',
  },
  DAVPULSE_RESULT_INVALID: {
    exit: exitCodes.wrongUse,
    meaning: 'a results file is not one this version understands',
  },
  DAVPULSE_RESULTS_UNLIKE: {
    exit: exitCodes.cannotTell,
    meaning: 'two results come from different scenarios or machines, so their difference means nothing',
  },
  DAVPULSE_THRESHOLD_BROKEN: {
    exit: exitCodes.badVerdict,
    meaning: 'a figure breaks a threshold that the scenario states',
  },
  DAVPULSE_OPTION_INVALID: {
    exit: exitCodes.wrongUse,
    meaning: 'a command-line option has a value outside its range',
  },
  DAVPULSE_PORT_IN_USE: {
    exit: exitCodes.wrongUse,
    meaning: 'the address to listen on is taken or not allowed',
  },
  DAVPULSE_SERVER_UNREACHABLE: { exit: exitCodes.cannotTell, meaning: 'the target server does not answer' },
  DAVPULSE_SERVER_REFUSED: {
    exit: exitCodes.cannotTell,
    meaning: 'the target server refused the credentials (401 or 403)',
  },
  DAVPULSE_SERVER_FAILED: {
    exit: exitCodes.cannotTell,
    meaning: 'the target server answered with an error or with something that is not WebDAV',
  },
  DAVPULSE_GENERATOR_LAGGED: {
    exit: exitCodes.cannotTell,
    meaning: 'the load generator fell behind its schedule, so its figures would be wrong',
  },
  DAVPULSE_RUN_FAILED: {
    exit: exitCodes.cannotTell,
    meaning: 'a run ended early for a reason inside davpulse',
  },
} as const satisfies Record<string, { exit: number; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;
