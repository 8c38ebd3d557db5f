/**
 * How far the times of two feeds may differ: queues and calls are watched by separate SIP Server clients
 * (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (2)) (docs/reference/genesys-facts.md#13-excp-behaviour).
 */
export const feedToleranceMs = 2_000;
