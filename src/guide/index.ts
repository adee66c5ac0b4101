export { dependence } from './advice.ts';
export { chapters } from './chapters/index.ts';
export { sevenThings } from './seven-things.ts';
export { guideMarkdown, writeChapters, writeGuide } from './write-guide.ts';
