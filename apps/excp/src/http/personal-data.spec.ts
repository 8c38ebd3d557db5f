import { withoutPersonalData } from './personal-data.js';

it('shows the last digits of numbers and only the names of attached data, wherever they are', () => {
  const view = {
    interactionId: '02AB',
    ani: '+49 30 555-010',
    dnis: null,
    userData: [{ at: '2026-03-02T09:15:03.120Z', changes: { account: '4711', vip: true } }],
    participants: [{ name: 'Erika' }],
    events: [{ event: 'EventCallCreated', ani: '+4930555010', userData: { account: '4711' } }],
  };
  expect(withoutPersonalData(view)).toEqual({
    interactionId: '02AB',
    ani: '…5010',
    dnis: null,
    userData: [{ at: '2026-03-02T09:15:03.120Z', changes: { account: null, vip: null } }],
    participants: null,
    events: [{ event: 'EventCallCreated', ani: '…5010', userData: { account: null } }],
  });
});
