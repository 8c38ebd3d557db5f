/** What comes back by itself is waited for, however slow the machine: what is asked here is whether, never how soon. */
export const patience = { timeoutMs: 600_000 } as const;
