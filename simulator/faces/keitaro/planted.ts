// A secret planted wherever panels keep theirs: tokens, postback addresses, parameters, options; as JSON and as JSON text.
import { asciiJson, jsonText } from '../../json-text.ts';
import type { Quirks } from './quirks.ts';

type Kind = 'campaign' | 'flow' | 'offer' | 'landing' | 'source' | 'network';

/** Fields, as JSON text, that stand in the place of an entity's own; none where no secret is planted. */
export function plantedIn(kind: Kind, quirks: Quirks): Record<string, string> {
  return quirks.planted === null ? {} : FIELDS[kind](quirks.planted, quirks);
}

const host = 's2s.partner.example';

/** Postback addresses as networks hand them out: the key in the path, in the query, before the host, behind a macro. */
const addresses = (secret: string): string[] => [
  `https://${host}/${encodeURIComponent(secret)}/postback?cid={external_id}&payout={revenue}`,
  `https://${host}/conv?cid={external_id}&key=${encodeURIComponent(secret)}&payout={revenue}`,
  `https://user:${encodeURIComponent(secret)}@${host}/postback?cid={external_id}`,
  `https://${host}/postback?cid={external_id}&sig={status}${secret}`,
  `https://${host}/postback?goal=1&hash=${Buffer.from(secret).toString('hex')}`,
  `https://${host}/postback?goal=1&id=${Buffer.from(secret).toString('base64url')}`,
];

const postbacks = (secret: string) =>
  addresses(secret).map((url, index) => ({ id: index + 1, method: 'GET', statuses: ['lead', 'sale'], url }));

const parameters = (secret: string) => ({
  external_id: { name: 'fbclid', placeholder: '', alias: '' },
  sub_id_1: { name: 'utm_campaign', placeholder: '{{campaign.id}}', alias: '', token: secret },
  access_token: { name: 'access_token', placeholder: secret, alias: '' },
  s2s_postback: addresses(secret)[1],
});

const options = (secret: string) => ({
  api_key: secret,
  auth: { login: 'me', password: secret },
  headers: JSON.stringify({ Authorization: `Bearer ${secret}`, 'X-Api-Key': secret }),
  url: `https://api.partner.example/v2/leads?flow=7&api_token=${encodeURIComponent(secret)}`,
});

const link = (secret: string): string =>
  jsonText(`https://offers.example/o/7?sub1={subid}&access_key=${encodeURIComponent(secret)}`);

const FIELDS: Record<Kind, (secret: string, quirks: Quirks) => Record<string, string>> = {
  campaign: (secret, quirks) => ({
    token: jsonText(secret),
    click_api_token: jsonText(secret),
    parameters: quirks.parameters(parameters(secret)),
    postbacks: quirks.parameters(postbacks(secret)),
    action_options: quirks.parameters(options(secret)),
  }),
  flow: (secret, quirks) => ({
    action_options: quirks.parameters(options(secret)),
    triggers: quirks.parameters([{ id: 1, condition: 'av', options: JSON.stringify(options(secret)) }]),
  }),
  offer: (secret, quirks) => ({
    action_payload: link(secret),
    action_options: quirks.parameters(options(secret)),
    preview_token: jsonText(secret),
  }),
  landing: (secret, quirks) => ({ action_payload: link(secret), action_options: quirks.parameters(options(secret)) }),
  source: (secret, quirks) => ({
    postback_url: jsonText(addresses(secret)[1]!),
    s2s_postbacks: quirks.parameters(postbacks(secret)),
    parameters: quirks.parameters(parameters(secret)),
    update_in_costs_key: asciiJson(secret),
  }),
  network: (secret, quirks) => ({
    postback_url: jsonText(addresses(secret)[0]!),
    postback_urls: asciiJson(addresses(secret)),
    pull_api_options: quirks.parameters(options(secret)),
  }),
};
