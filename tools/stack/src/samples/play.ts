import {
  playScenario,
  sampleCalls,
  type PlayedScenario,
  type ScenarioTargets,
} from '@exrec/simulator';
import type { Stack } from '../start/stack.js';

/** Plays every sample call at the same time, each some minutes long, in a few seconds. */
export async function playSampleCalls(stack: Stack): Promise<PlayedScenario[]> {
  const targets = targetsOf(stack);
  const played = await Promise.all(sampleCalls().map((call) => playScenario(call, targets)));
  for (const { mediaId, audioSha256 } of played.flatMap(({ segments }) => segments))
    stack.simulator?.expectAudio({ recording: mediaId, sha256: audioSha256 });
  return played;
}

function targetsOf({ storageUrl, excpUrls, settings }: Stack): ScenarioTargets {
  const { mcp, storage, eventsToken } = settings.credentials;
  const excp = (url: string) => ({
    url,
    mcpUsername: mcp.username,
    mcpPassword: mcp.password,
    eventsToken,
  });
  const [first, second] = excpUrls;
  return { webdav: { url: storageUrl, ...storage }, excps: [excp(first), excp(second)] };
}
