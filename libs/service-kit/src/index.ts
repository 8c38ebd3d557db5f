export { Failure, type FailureOptions, type Retry } from './failure/failure.js';
