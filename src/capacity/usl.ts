/** A throughput measured at a concurrency. */
export interface LadderPoint {
  readonly concurrency: number;
  readonly perSecond: number;
}

export interface Parameter {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Throughput at concurrency N as X(N) = λN / (1 + σ(N − 1) + κN(N − 1)): the Universal Scalability Law (Gunther,
 * Guerrilla Capacity Planning, 2007).
 */
export interface UslFit {
  /** Throughput of one client that never waits for another, per second. */
  readonly lambda: Parameter;
  /** Contention: share of the work that cannot overlap. */
  readonly sigma: Parameter;
  /** Coherency: what each pair of clients costs. */
  readonly kappa: Parameter;
  /** Measured minus fitted, per second, in the order of the points. */
  readonly residuals: readonly number[];
  /** Where throughput is highest; `Infinity` when nothing but contention limits it. */
  readonly peakConcurrency: number;
  readonly peakPerSecond: number;
}

type Triple = readonly [number, number, number];

const maxSteps = 500;

export const uslThroughput = ([lambda, sigma, kappa]: Triple, n: number): number =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));

/**
 * Least squares by Levenberg and Marquardt's method; standard errors from the curvature at the optimum.
 * @throws RangeError for fewer than four points, which leave no freedom to judge the fit by
 */
export function fitUsl(points: readonly LadderPoint[]): UslFit {
  if (points.length < 4)
    throw new RangeError(`a fit of three parameters needs four points, got ${points.length}`);
  let theta = firstGuess(points);
  let error = squares(theta, points);
  let damping = 1e-3;
  for (let step = 0; step < maxSteps; step += 1) {
    const candidate = improved(theta, points, damping);
    const candidateError = squares(candidate, points);
    if (candidateError < error) {
      const gain = (error - candidateError) / error;
      theta = candidate;
      error = candidateError;
      damping = Math.max(damping / 10, 1e-12);
      if (gain < 1e-14) break;
    } else {
      damping *= 10;
      if (damping > 1e12) break;
    }
  }
  return describe(theta, points, error);
}

function firstGuess(points: readonly LadderPoint[]): Triple {
  const lowest = points.reduce((best, point) => (point.concurrency < best.concurrency ? point : best));
  return [lowest.perSecond / lowest.concurrency, 0.05, 1e-4];
}

const residualsOf = (theta: Triple, points: readonly LadderPoint[]): number[] =>
  points.map(({ concurrency, perSecond }) => perSecond - uslThroughput(theta, concurrency));

const squares = (theta: Triple, points: readonly LadderPoint[]): number =>
  residualsOf(theta, points).reduce((sum, residual) => sum + residual * residual, 0);

/** Derivatives of the throughput by λ, σ and κ. */
function gradient([lambda, sigma, kappa]: Triple, n: number): Triple {
  const below = 1 + sigma * (n - 1) + kappa * n * (n - 1);
  const slope = (-lambda * n) / (below * below);
  return [n / below, slope * (n - 1), slope * n * (n - 1)];
}

function improved(theta: Triple, points: readonly LadderPoint[], damping: number): Triple {
  const { curvature, descent } = normalEquations(theta, points);
  const damped = curvature.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) : value)));
  const step = solve(damped, descent);
  // Negative costs of waiting have no meaning in this law.
  return [
    theta[0] + (step[0] ?? 0),
    Math.max(0, theta[1] + (step[1] ?? 0)),
    Math.max(0, theta[2] + (step[2] ?? 0)),
  ];
}

function normalEquations(theta: Triple, points: readonly LadderPoint[]) {
  const curvature = [0, 1, 2].map(() => [0, 0, 0]);
  const descent = [0, 0, 0];
  for (const { concurrency, perSecond } of points) {
    const slopes = gradient(theta, concurrency);
    const residual = perSecond - uslThroughput(theta, concurrency);
    for (const [i, left] of slopes.entries()) {
      descent[i] = (descent[i] ?? 0) + left * residual;
      const row = curvature[i];
      if (row === undefined) continue;
      for (const [j, right] of slopes.entries()) row[j] = (row[j] ?? 0) + left * right;
    }
  }
  return { curvature, descent };
}

/** Gaussian elimination with partial pivoting; the matrix is small and positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const rest = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, size - column, ...rest);
    const pivot = rows[column] ?? [];
    for (const row of rows.slice(column + 1)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let place = column; place <= size; place += 1) {
        row[place] = (row[place] ?? 0) - factor * (pivot[place] ?? 0);
      }
    }
  }
  const answer = Array.from({ length: size }, () => 0);
  for (let index = size - 1; index >= 0; index -= 1) {
    const row = rows[index] ?? [];
    const known = answer.reduce(
      (sum, value, place) => sum + (place > index ? value * (row[place] ?? 0) : 0),
      0,
    );
    answer[index] = ((row[size] ?? 0) - known) / (row[index] ?? 1);
  }
  return answer;
}

function describe(theta: Triple, points: readonly LadderPoint[], error: number): UslFit {
  const { curvature } = normalEquations(theta, points);
  const variance = error / (points.length - theta.length);
  const parameter = (index: 0 | 1 | 2): Parameter => {
    const unit = [0, 1, 2].map((place) => (place === index ? 1 : 0));
    return {
      value: theta[index],
      standardError: Math.sqrt(variance * (solve(curvature, unit)[index] ?? NaN)),
    };
  };
  const peakConcurrency = peakOf(theta);
  return {
    lambda: parameter(0),
    sigma: parameter(1),
    kappa: parameter(2),
    residuals: residualsOf(theta, points),
    peakConcurrency,
    peakPerSecond: peakConcurrency === Infinity ? theta[0] / theta[1] : uslThroughput(theta, peakConcurrency),
  };
}

/** Where the law's slope is zero; with contention of 1 and more a second client only costs. */
function peakOf([, sigma, kappa]: Triple): number {
  if (sigma >= 1) return 1;
  return kappa === 0 ? Infinity : Math.sqrt((1 - sigma) / kappa);
}
