import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Route, Switch } from 'wouter';
import { ask } from './api/client.js';
import { CallerContext } from './api/caller.js';
import { useLiveUpdates } from './api/live.js';
import type { Caller } from './api/shapes.js';
import { CallPage } from './pages/call.js';
import { FailedPage } from './pages/failed.js';
import { Frame } from './pages/frame.js';
import { OperationsPage } from './pages/operations.js';
import { OverviewPage } from './pages/overview.js';
import { SearchPage } from './pages/search.js';
import { SignInPage } from './pages/sign-in.js';
import { TranscriptionPage } from './pages/transcription.js';
import { Trouble } from './parts/trouble.js';

/** Who is here decides what is shown; nobody: the sign-in. */
export function Console() {
  /** Whoever was here and did not sign out is told why they have to sign in again. */
  const wasHere = useRef(false);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: async () => (await ask<{ caller: Caller | null }>('/session')).caller,
  });
  if (session.failureReason !== null && session.data === undefined)
    return <Trouble error={session.failureReason} />;
  if (session.data === undefined) return null;
  if (session.data === null) return <SignInPage hasEnded={wasHere.current} />;
  wasHere.current = true;
  return (
    <CallerContext value={session.data}>
      <SignedIn />
    </CallerContext>
  );
}

function SignedIn() {
  const isAway = useLiveUpdates();
  return (
    <Frame isAway={isAway}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/search" component={SearchPage} />
        <Route path="/calls/:id">{({ id }) => <CallPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/failed" component={FailedPage} />
        <Route path="/transcription" component={TranscriptionPage} />
        <Route path="/operations" component={OperationsPage} />
        <Route component={OverviewPage} />
      </Switch>
    </Frame>
  );
}
