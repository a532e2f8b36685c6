/** One example: feature `ids[i]` has the value `values[i]`, every other feature 0. */
export interface SparseRow {
  readonly ids: readonly number[];
  readonly values: readonly number[];
}

export interface Example {
  readonly row: SparseRow;
  readonly isPositive: boolean;
}

export interface LinearModel {
  /** One weight for each feature id. */
  readonly weights: Float64Array;
  readonly bias: number;
}

export interface TrainingOptions {
  /** How many features there are; every id is below. */
  readonly features: number;
  /** Strength of the L2 penalty on the weights (not on the bias). */
  readonly penalty: number;
  readonly iterations: number;
}

/** How far the estimate of the largest eigenvalue may be below the true one, as a factor. */
const SAFETY = 1.2;
const POWER_ITERATIONS = 12;

/**
 * Trains a logistic regression by Nesterov's accelerated gradient descent on the whole set (Nesterov 1983). The objective is
 * convex and nothing is random, so equal input gives equal weights, bit by bit.
 */
export function trainLogisticRegression(
  examples: readonly Example[],
  { features, penalty, iterations }: TrainingOptions,
): LinearModel {
  // The bias is the weight of one more feature, which every example has with the value 1.
  const size = features + 1;
  const step = 1 / (SAFETY * 0.25 * largestEigenvalue(examples, size) + penalty);
  const ahead = new Float64Array(size);
  let weights = new Float64Array(size);
  let momentum = 1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gradient = gradientAt(ahead, examples, penalty);
    const next = ahead.map((weight, id) => weight - step * at(gradient, id));
    const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const overshoot = (momentum - 1) / nextMomentum;
    for (let id = 0; id < size; id++) ahead[id] = at(next, id) + overshoot * (at(next, id) - at(weights, id));
    weights = next;
    momentum = nextMomentum;
  }
  return { weights: weights.slice(0, features), bias: at(weights, features) };
}

/** Returns the probability that the example is positive, from 0 to 1. */
export function probabilityOf({ ids, values }: SparseRow, { weights, bias }: LinearModel): number {
  return sigmoid(product(ids, values, weights) + bias);
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function gradientAt(point: Float64Array, examples: readonly Example[], penalty: number): Float64Array {
  const bias = point.length - 1;
  const gradient = point.map((weight) => penalty * weight);
  gradient[bias] = 0;
  for (const { row, isPositive } of examples) {
    const error = sigmoid(product(row.ids, row.values, point) + at(point, bias)) - (isPositive ? 1 : 0);
    addRow(gradient, row, error);
  }
  return gradient;
}

/** Estimates the largest eigenvalue of the examples' Gram matrix by power iteration: it bounds how far a step may go. */
function largestEigenvalue(examples: readonly Example[], size: number): number {
  let direction = new Float64Array(size).fill(1 / Math.sqrt(size));
  let eigenvalue = 0;
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration++) {
    const image = new Float64Array(size);
    for (const { row } of examples) {
      addRow(image, row, product(row.ids, row.values, direction) + at(direction, size - 1));
    }
    eigenvalue = Math.sqrt(image.reduce((sum, value) => sum + value * value, 0));
    direction = image.map((value) => value / eigenvalue);
  }
  return eigenvalue;
}

function product(ids: readonly number[], values: readonly number[], weights: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < ids.length; index++) {
    sum += at(weights, ids[index] ?? 0) * (values[index] ?? 0);
  }
  return sum;
}

/** Adds a multiple of the example, with its 1 for the bias, to the target. */
function addRow(target: Float64Array, { ids, values }: SparseRow, factor: number): void {
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] ?? 0;
    target[id] = at(target, id) + factor * (values[index] ?? 0);
  }
  const bias = target.length - 1;
  target[bias] = at(target, bias) + factor;
}

/** An element that is known to exist. */
function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
