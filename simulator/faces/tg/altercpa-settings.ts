// How a program that knows the plain contract is told of this family: other paths, pages and names, nothing else.

const route = {
  ...{ campaign_id: 'stream', offer_id: 'offer', landing_id: 'site', flow_id: 'flow', source_id: 'src' },
  network_id: 'company',
};

export const altercpaSettings = {
  ...{ paging: 'offset', pageParam: 'offset', pageSizeParam: 'limit', pageSize: 200, timeFormat: 'unix' },
  ...{ fromParam: 'start', toParam: 'end' },
  paths: {
    campaigns: '/api/streams/list',
    offers: '/api/offers/list',
    landing_pages: '/api/sites/list',
    flows: 'flows/list',
    traffic_sources: '/api/sources/list',
    affiliate_networks: '/api/companies/list',
    clicks: 'clicks/list',
    conversions: '/api/leads/list',
  },
  fields: {
    campaigns: { source_id: 'src', created_at: 'created', status: 'active' },
    offers: { name: 'offer', payout: 'bid', network_id: 'company' },
    landing_pages: { url: 'site' },
    flows: { campaign_id: 'stream' },
    clicks: {
      ...{ created_at: 'date', ...route, country: 'geo', sub1: 'utm_source', sub2: 'utm_campaign' },
      ...{ cost: 'spent', device: 'platform' },
    },
    conversions: {
      ...{ click_id: 'click', campaign_id: 'stream', payout: 'money', currency: 'cur', created_at: 'date' },
      transaction_id: 'uid',
    },
  },
};
