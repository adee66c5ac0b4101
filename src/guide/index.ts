export { chapters } from './chapters/index.ts';
export { guideMarkdown, writeChapters, writeGuide } from './write-guide.ts';
