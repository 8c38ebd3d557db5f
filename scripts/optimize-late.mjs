/**
 * For a program that runs code of half the world once: V8 optimizes what has run six times longer than it would wait
 * by itself. On few cores that saves more than it costs: 13 % of the CPU time of types and lint, 25 % of Prettier's.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--interrupt-budget=400000');
