export { startGcSimulator, type GcSimulator } from './gc-simulator.js';
export { defaultClient, type GcSimulatorOptions } from './options.js';
export type { FaultOrder } from './control/order.js';
export { keyForms, type HeldKey, type KeyForm } from './keys/held-key.js';
export type { Ledger, LedgerEntry } from './ledger.js';
export type { GcConfiguration } from './organization/configuration.js';
export { defaultGcConfiguration, sampleIds } from './organization/default-configuration.js';
export type { Expectation, Recording } from './recordings/recording-book.js';
