# One image, two steps: what is needed to build the environment stays behind.
#   docker build -t aggregator . && docker run -v ./site:/site -p 8080:8080 aggregator
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/aggregator \
 && /opt/aggregator/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY aggregator ./aggregator
COPY share ./share
RUN /opt/aggregator/bin/pip install --no-cache-dir --no-deps . \
 && /opt/aggregator/bin/python -m compileall -q /opt/aggregator/lib

FROM python:3.13-slim
RUN useradd --uid 1000 --create-home --home-dir /site aggregator
COPY --from=build /opt/aggregator /opt/aggregator
ENV PATH=/opt/aggregator/bin:$PATH PYTHONUNBUFFERED=1
# By its number: Kubernetes' runAsNonRoot cannot know what a name stands for.
USER 1000
WORKDIR /site
VOLUME /site
EXPOSE 8080
# /healthz says whether the store can be read; the image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
  "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["aggregator"]
CMD ["run"]
