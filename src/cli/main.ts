import { leanHeap } from './lean-heap.ts';

// A reader that has seen enough (`| head`) is no failure, and what was begun is finished: results are kept, a server serves.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Before the program is loaded, which would make the heap larger than a server needs.
if (process.argv[2] === 'serve') leanHeap.load();
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv);
