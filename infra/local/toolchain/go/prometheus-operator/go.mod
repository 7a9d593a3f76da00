// Only for its custom resource definitions, which tests hold our custom resources against.
module sightline.invalid/toolchain/prometheus-operator

go 1.24

require github.com/prometheus-operator/prometheus-operator v0.85.0
