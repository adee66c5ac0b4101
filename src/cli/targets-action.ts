import { readRecipe, recipeNames, type Recipe } from '../capacity/index.ts';
import { newTable } from '../report/index.ts';
import { print } from './output.ts';

const checks: Readonly<Record<Recipe['checked'], string>> = {
  driven: 'driven with davpulse run',
  recipe: 'a recipe only: written from its documents, not run',
};

/** Prints the servers that there are recipes for, or one recipe. */
export function targetsAction(name: string | undefined): void {
  if (name !== undefined) {
    print(render(readRecipe(name)));
    return;
  }
  const table = newTable(['server', 'version', 'WebDAV-Push', 'checked']);
  for (const each of recipeNames()) {
    const { version, push, checked } = readRecipe(each);
    table.push([each, version, push ? 'yes' : 'no', checks[checked]]);
  }
  print(table.toString());
}

const render = ({ name, version, checked, start, users, url, pid, gaps }: Recipe): string =>
  [
    `${name} ${version}: ${checks[checked]}`,
    '',
    'Start:',
    ...start.map((step) => `  ${step}`),
    'Drive:',
    `  ${users}`,
    `  davpulse run scenarios/small-live.yaml --backend live --target ${url} --users users.csv --target-pid ${pid}`,
    `  davpulse capacity --target ${url} --users users.csv --target-pid ${pid}`,
    'Expect:',
    ...gaps.map(({ what, source }) => `  - ${what} (${source})`),
  ].join('\n');
