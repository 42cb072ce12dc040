// The ad platforms traffic is bought on, and which of their macros fills which sub-id.

/** What a parameter of a traffic source carries. */
export type AdField =
  | 'clickId'
  | 'adCampaignId'
  | 'adSetId'
  | 'adId'
  | 'placement'
  | 'adCampaignName'
  | 'adSetName'
  | 'adName'
  | 'keyword';

export interface AdParameter {
  /** 0 for the external id, 1 … 10 for a sub-id. */
  slot: number;
  /** Name of the parameter in the link. */
  name: string;
  /** The platform's macro; it stays as it is where the platform failed to replace it. */
  macro: string;
  field: AdField;
}

export interface AdPlatform {
  name: string;
  template: string;
  parameters: AdParameter[];
  placements: string[];
  referrers: string[];
}

function platform(
  name: string,
  template: string,
  placements: string[],
  referrers: string[],
  macros: [name: string, macro: string, field: AdField][],
): AdPlatform {
  const parameters = macros.map(([parameter, macro, field], index) => ({
    slot: index + 1,
    name: parameter,
    macro,
    field,
  }));
  const clickId = parameters[0]!;
  return { name, template, placements, referrers, parameters: [{ ...clickId, slot: 0 }, ...parameters] };
}

/** Sub-id 1 always carries the platform's click id, and so does the external id. */
export const adPlatforms: readonly AdPlatform[] = [
  platform(
    'Facebook Ads',
    'facebook.com',
    ['Facebook_Mobile_Feed', 'Instagram_Stories', 'an'],
    ['https://m.facebook.com/', 'https://l.instagram.com/', ''],
    [
      ['fbclid', '{{fbclid}}', 'clickId'],
      ['utm_campaign', '{{campaign.id}}', 'adCampaignId'],
      ['adset', '{{adset.id}}', 'adSetId'],
      ['ad', '{{ad.id}}', 'adId'],
      ['placement', '{{placement}}', 'placement'],
      ['campaign_name', '{{campaign.name}}', 'adCampaignName'],
      ['adset_name', '{{adset.name}}', 'adSetName'],
      ['ad_name', '{{ad.name}}', 'adName'],
    ],
  ),
  platform(
    'TikTok Ads',
    'tiktok.com',
    ['TikTok', 'Pangle'],
    ['https://www.tiktok.com/', ''],
    [
      ['ttclid', '__CLICKID__', 'clickId'],
      ['campaign_id', '__CAMPAIGN_ID__', 'adCampaignId'],
      ['adgroup_id', '__AID__', 'adSetId'],
      ['ad_id', '__CID__', 'adId'],
      ['placement', '__PLACEMENT__', 'placement'],
      ['campaign_name', '__CAMPAIGN_NAME__', 'adCampaignName'],
      ['adgroup_name', '__AID_NAME__', 'adSetName'],
      ['ad_name', '__CID_NAME__', 'adName'],
      ['domain', '__DOMAIN__', 'placement'],
      ['term', '__KEYWORD__', 'keyword'],
    ],
  ),
  platform(
    'Google Ads',
    'google.com',
    ['g', 's', 'd'],
    ['https://www.google.com/', 'https://www.youtube.com/watch?v=dQw4&t=1'],
    [
      ['gclid', '{gclid}', 'clickId'],
      ['campaignid', '{campaignid}', 'adCampaignId'],
      ['adgroupid', '{adgroupid}', 'adSetId'],
      ['creative', '{creative}', 'adId'],
      ['network', '{network}', 'placement'],
      ['keyword', '{keyword}', 'keyword'],
    ],
  ),
  platform(
    'PropellerAds',
    'propellerads.com',
    ['zone-4471', 'zone-9102', 'zone-3310'],
    [''],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the platform writes its macro so.
      ['visitor_id', '${SUBID}', 'clickId'],
      ['campaign_id', '{campaignid}', 'adCampaignId'],
      ['banner_id', '{bannerid}', 'adId'],
      ['zone_id', '{zoneid}', 'placement'],
    ],
  ),
  platform(
    'Taboola',
    'taboola.com',
    ['msn-home', 'weather-app'],
    ['https://www.msn.com/', 'https://trc.taboola.com/x"y\\z'],
    [
      ['click_id', '{click_id}', 'clickId'],
      ['campaign_id', '{campaign_id}', 'adCampaignId'],
      ['item', '{campaign_item_id}', 'adId'],
      ['site', '{site}', 'placement'],
      ['title', '{title}', 'adName'],
    ],
  ),
];
