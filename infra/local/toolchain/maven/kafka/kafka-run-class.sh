#!/bin/sh
# What Kafka's own script of this name does, for jars that Maven has put beside it: runs a class of theirs.
home=$(cd "$(dirname "$0")/.." && pwd) || exit 1
# These hold several options each, so they are not quoted.
# shellcheck disable=SC2086
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_LOG4J_OPTS $KAFKA_OPTS \
  -cp "$home/libs/*" "$@"
