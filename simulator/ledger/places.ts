// The places visitors come from: country, region, city and who connects them.

export interface Place {
  countryCode: string;
  country: string;
  regionCode: string;
  region: string;
  city: string;
  language: string;
  isp: string;
  operator: string;
  connectionType: 'wifi' | 'cellular';
}

type Row = [string, string, string, string, string, string, string, string];

const rows: Row[] = [
  ['US', 'United States', 'CA', 'California', 'Los Angeles', 'en', 'Comcast Cable', ''],
  ['US', 'United States', 'TX', 'Texas', 'Houston', 'en', 'AT&T Internet', 'AT&T'],
  ['US', 'United States', 'NY', 'New York', 'New York', 'es', 'Verizon Wireless', 'Verizon'],
  ['DE', 'Germany', 'BY', 'Bayern', 'München', 'de', 'Deutsche Telekom AG', ''],
  ['DE', 'Germany', 'BE', 'Berlin', 'Berlin', 'de', 'Vodafone GmbH', 'Vodafone'],
  ['BR', 'Brazil', 'SP', 'São Paulo', 'São Paulo', 'pt', 'Claro S.A.', 'Claro'],
  ['BR', 'Brazil', 'RJ', 'Rio de Janeiro', 'Niterói', 'pt', 'Oi Internet', ''],
  ['IN', 'India', 'MH', 'Maharashtra', 'Mumbai', 'hi', 'Reliance Jio', 'Jio'],
  ['IN', 'India', 'KA', 'Karnataka', 'Bengaluru', 'en', 'Bharti Airtel', 'Airtel'],
  ['ID', 'Indonesia', 'JK', 'Jakarta Raya', 'Jakarta', 'id', 'Telkomsel', 'Telkomsel'],
  ['PL', 'Poland', 'MZ', 'Mazowieckie', 'Warszawa', 'pl', 'Orange Polska', 'Orange'],
  ['PL', 'Poland', 'LD', 'Łódzkie', 'Łódź', 'pl', 'UPC Polska', ''],
  ['MX', 'Mexico', 'CMX', 'Ciudad de México', 'Ciudad de México', 'es', 'Telmex', ''],
  ['ES', 'Spain', 'MD', 'Madrid', 'Madrid', 'es', 'Telefónica de España', 'Movistar'],
  ['JP', 'Japan', '13', 'Tokyo', '東京', 'ja', 'NTT Docomo', 'Docomo'],
  ['UA', 'Ukraine', '30', 'Kyiv', 'Київ', 'uk', 'Kyivstar PJSC', 'Kyivstar'],
  ['TR', 'Türkiye', '34', 'İstanbul', 'İstanbul', 'tr', 'Turk Telekom', 'Turkcell'],
  ['NG', 'Nigeria', 'LA', 'Lagos', 'Lagos', 'en', 'MTN Nigeria', 'MTN'],
  ['GB', 'United Kingdom', 'ENG', 'England', "Bishop's Stortford", 'en', 'BT Broadband', ''],
  ['', 'Unknown', '', '', '', '', '', ''],
];

/** Every place; the last one is a visitor nobody could locate. */
export const places: readonly Place[] = rows.map(
  ([countryCode, country, regionCode, region, city, language, isp, operator]) => ({
    countryCode,
    country,
    regionCode,
    region,
    city,
    language,
    isp,
    operator,
    connectionType: operator === '' ? 'wifi' : 'cellular',
  }),
);
