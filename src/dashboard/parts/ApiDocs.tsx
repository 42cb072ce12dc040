// The way to how the API is called, in a tab of its own.
export const ApiDocs = () => (
  <a href="/docs" target="_blank" rel="noreferrer">
    API
  </a>
);
