import { causes, recordingStates, stateWords, transcriptionReasons } from '@exrec/words';
import { useLocation } from 'wouter';
import { withQuery } from '../api/client.js';
import { filterNames } from '../query/search-words.js';
import { usePreferences } from '../texts/preferences.js';

type Query = Readonly<Record<string, string>>;

/** The filters that are used most; they are the address of the page. */
export function SearchFilters({ query }: { readonly query: Query }) {
  const { t, language } = usePreferences();
  const [, goTo] = useLocation();
  const change = (name: string, value: string) => {
    goTo(withQuery('/search', { ...query, [name]: value }), { replace: true });
  };
  const choose = (
    name: 'state' | 'cause' | 'sta',
    options: readonly (readonly [string, string])[],
  ) => (
    <label>
      {t(name)}
      <select value={query[name] ?? ''} onChange={(event) => change(name, event.target.value)}>
        <option value="">{t('any')}</option>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div className="filters">
      {choose(
        'state',
        recordingStates.map((state) => [state, stateWords(state, language)]),
      )}
      {choose(
        'cause',
        Object.keys(causes).map((cause) => [cause, cause]),
      )}
      {choose('sta', [
        ['requested', t('wasTranscribed')],
        ['not-requested', t('wasNotTranscribed')],
        ...transcriptionReasons.map((reason) => [reason, reason] as const),
      ])}
      {(['agent', 'queue'] as const).map((name) => (
        <TextFilter key={name} name={name} query={query} change={change} />
      ))}
      {(['from', 'to'] as const).map((name) => (
        <TimeFilter key={name} name={name} query={query} change={change} />
      ))}
      <OtherFilters query={query} change={change} />
    </div>
  );
}

type FilterProps<Name extends string> = {
  readonly name: Name;
  readonly query: Query;
  readonly change: (name: string, value: string) => void;
};

function TextFilter({ name, query, change }: FilterProps<'agent' | 'queue'>) {
  const { t } = usePreferences();
  const present = query[name] ?? '';
  return (
    <label>
      {t(name)}
      <input
        defaultValue={present}
        key={present}
        onBlur={(event) => {
          if (event.target.value !== present) change(name, event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') change(name, event.currentTarget.value);
        }}
      />
    </label>
  );
}

/** A moment by the clock that times are told by. */
function TimeFilter({ name, query, change }: FilterProps<'from' | 'to'>) {
  const { t, isUtc } = usePreferences();
  return (
    <label>
      {t(name)}
      <input
        type="datetime-local"
        value={fieldOf(query[name], isUtc)}
        onChange={({ target: { value } }) => {
          const at = new Date(isUtc ? `${value}Z` : value);
          change(name, Number.isNaN(at.getTime()) ? '' : at.toISOString());
        }}
      />
    </label>
  );
}

function fieldOf(iso: string | undefined, isUtc: boolean): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const shown = isUtc ? at : new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shown.toISOString().slice(0, 16);
}

const withField = ['state', 'cause', 'sta', 'agent', 'queue', 'from', 'to'];

/** Filters that have no field of their own are named, and can be taken away. */
function OtherFilters({ query, change }: Pick<FilterProps<string>, 'query' | 'change'>) {
  const { t } = usePreferences();
  const others = [...filterNames, 'q'].filter(
    (name) => !withField.includes(name) && query[name] !== undefined,
  );
  return others.map((name) => (
    <button key={name} type="button" className="chip" onClick={() => change(name, '')}>
      <span className="cut">
        {name === 'q' ? '' : `${name}: `}
        {query[name]}
      </span>{' '}
      <span aria-hidden="true">×</span>
      <span className="unseen">{t('remove')}</span>
    </button>
  ));
}
