import type { Command } from 'commander';

/** Makes a command; its action says the exit code by `end` when that is not 0. */
export type CommandFactory = (end: (exitCode: number) => void) => Command;
