/**
 * How far the times of two feeds may differ: queues and calls are watched by separate SIP Server clients
 * (CONTRACTS 16.2) [F 1.3].
 */
export const feedToleranceMs = 2_000;
