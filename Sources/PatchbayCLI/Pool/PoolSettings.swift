import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Pool.Preparation: ExpressibleByArgument {}
extension PoolClass: ExpressibleByArgument {}

/// What a pool is besides its rules.
struct PoolSettings: ParsableArguments {
    @Option(help: "A sentence for people.")
    var description: String?

    @Option(
        name: .customLong("class"),
        help: "Picks the icon: gpu, storage, network, media, audio, fpga, usb, pci or unknown.")
    var deviceClass: PoolClass?

    @Option(
        help: ArgumentHelp(
            "When devices move to vfio-pci: eager (when they join the pool) or on-demand (when a VM starts).",
            valueName: "when"))
    var prepare: PatchbayCore.Pool.Preparation?

    var isEmpty: Bool { description == nil && deviceClass == nil && prepare == nil }

    func draft(name: String? = nil, kind: DeviceKind? = nil, rules: [API.Rule]? = nil) -> API.PoolDraft {
        API.PoolDraft(
            name: name, kind: kind, description: description, deviceClass: deviceClass, preparation: prepare,
            rules: rules)
    }
}
