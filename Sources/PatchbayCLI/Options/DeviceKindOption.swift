import ArgumentParser
import PatchbayCore

extension DeviceKind: ExpressibleByArgument {}

/// `--kind`
struct DeviceKindOption: ParsableArguments {
    @Option(help: "Kind of the devices; pci when omitted.")
    var kind: DeviceKind?

    var meant: DeviceKind { kind ?? .pci }
}
