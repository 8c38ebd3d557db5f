/** Why GC does not take an event; the texts are ours (docs/design/CONVERSATIONS.md#61-what-it-should-refuse). */
export type Refusal = { readonly message: string; readonly retryable: boolean };

/** A refusal for good. */
export function stated(field: string, fault: string): Refusal {
  return { message: `${field}: ${fault}`, retryable: false };
}

/** The same, but worth another try. */
export function retryable({ message }: Refusal): Refusal {
  return { message, retryable: true };
}
