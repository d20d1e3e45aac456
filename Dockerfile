# Where no container engine is at hand, scripts/image_steps.py runs these very instructions in a folder.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /src
# What changes least comes first, so that a new version of Avis rebuilds only the last layers.
COPY requirements requirements
RUN python -m venv /opt/avis \
    && /opt/avis/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/node.txt
COPY scripts/find-node scripts/find-node
COPY package.json package-lock.json ./
RUN OWN_NODE=1 scripts/find-node \
    && PATH="$PWD/.venv/node-bin:$PATH" npm ci --loglevel=error --no-update-notifier --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN .venv/node-bin/node widget/build.mjs \
    && .venv/bin/pip wheel --no-build-isolation --no-deps --wheel-dir wheel . \
    && /opt/avis/bin/pip install --no-cache-dir --no-index --no-deps wheel/avis-*.whl \
    && /opt/avis/bin/pip uninstall --yes pip

# The same base again: the virtual environment made above must find the same Python here.
FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="Avis" \
    org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=build /opt/avis /opt/avis
ENV PATH=/opt/avis/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AVIS_DATA=/data
# A fresh volume takes its owner from here. Everything else may be mounted read-only.
RUN install -d -m 0700 -o 10001 -g 10001 /data
VOLUME /data
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["avis", "serve", "--host", "0.0.0.0", "--port", "8000"]
