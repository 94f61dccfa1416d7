# Build the wheel where a toolchain may be; run it where there is none.
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels footfall \
    && useradd --system --uid 10001 --home-dir /data --create-home footfall
USER footfall
ENV FOOTFALL_DATA=/data FOOTFALL_HOST=0.0.0.0 FOOTFALL_PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
# /dev/shm is memory in a container too: the day's keys live there and go with the container.
CMD ["footfall", "serve"]
