import ArgumentParser
import PatchbayCore

extension DeviceKind: ExpressibleByArgument {}

/// `--kind`
struct DeviceKindOption: ParsableArguments {
    @Option(help: "Kind of devices: pci, which is meant where nothing is said, or usb.")
    var kind: DeviceKind?

    var meant: DeviceKind { kind ?? .pci }
}
