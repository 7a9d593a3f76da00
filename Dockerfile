# The images of this repository: one with every service, one with the inbox. The container's argument says what runs, such
# as services/audit/main.ts.
#   docker build --target services -t registry.example.com/sightline/services:0.1.0 .
FROM docker.io/library/node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Without scripts: nothing of what they fetch runs here. Node is the image's own, not the package's.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node node_modules/node-bin-*

FROM docker.io/library/node:24.21.0-slim AS common
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY telemetry telemetry
# A volume that is new takes its owner from the folder it is mounted over.
RUN mkdir /data /queue /keys && chown 1000:1000 /data /queue /keys
# The user `node` by its number, which Kubernetes can tell from root.
USER 1000:1000
ENTRYPOINT ["node"]

# Shows what Alertmanager would tell whom, and serves the runbooks.
FROM common AS inbox
COPY alerts alerts
COPY docs/runbooks docs/runbooks

# The last one: what is built where no target is named.
FROM common AS services
COPY services services
