import type { Overview } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';

const steps = ['collected', 'inScope', 'dispatched', 'sealed', 'uploaded', 'confirmed'] as const;
type Step = (typeof steps)[number];

/** The way of all recordings of the span as a picture, with how many a minute go each step now. */
export function Flow({ overview }: { readonly overview: Overview }) {
  const { t, n } = usePreferences();
  const counts = countsOf(overview.states);
  const { open = 0, complete = 0, gap = 0 } = overview.conversations;
  return (
    <>
      <ol className="flow">
        {steps.map((step) => (
          <li key={step}>
            {step !== 'collected' && (
              <span className="rate">
                <span aria-hidden="true">→</span>{' '}
                {t('aMinute', { rate: n(overview.perMinute[step] ?? 0) })}
              </span>
            )}
            <span className="step">
              <span className="name">{t(step === 'confirmed' ? 'inGenesysCloud' : step)}</span>
              <strong>{n(counts[step])}</strong>
            </span>
          </li>
        ))}
      </ol>
      <p className="beside">
        {t('conversations', { complete: n(complete), open: n(open) })}
        {gap > 0 && (
          <>
            {' · '}
            <span className="needs-a-person">
              <span aria-hidden="true">◼</span> {t('conversationGaps', { gap: n(gap) })}
            </span>
          </>
        )}
      </p>
    </>
  );
}

/** How many have come at least so far. */
function countsOf(states: Overview['states']): Record<Step, number> {
  const of = (...names: readonly string[]) =>
    names.reduce((sum, name) => sum + (states[name] ?? 0), 0);
  const collected = Object.values(states).reduce((sum, recordings) => sum + recordings, 0);
  const inScope = collected - of('out-of-scope');
  return {
    collected,
    inScope,
    dispatched: inScope - of('collected'),
    sealed: of('uploading', 'uploaded', 'confirmed'),
    uploaded: of('uploaded', 'confirmed'),
    confirmed: of('confirmed'),
  };
}
