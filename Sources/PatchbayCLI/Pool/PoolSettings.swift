import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Pool.Preparation: ExpressibleByArgument {}
extension PatchbayCore.Pool.Stickiness: ExpressibleByArgument {}
extension GuestReset: ExpressibleByArgument {}
extension PoolClass: ExpressibleByArgument {}

/// What a pool is besides its rules.
struct PoolSettings: ParsableArguments {
    @Option(help: ArgumentHelp("What the pool is for.", valueName: "text"))
    var description: String?

    @Option(
        name: .customLong("class"),
        help: "Icon of the pool in the dashboard; nothing else depends on it.")
    var deviceClass: PoolClass?

    @Option(
        help: ArgumentHelp(
            """
            When devices move to vfio-pci: eager (when they join the pool) or on-demand (when a VM with them starts; the \
            default).
            """,
            valueName: "when"))
    var prepare: PatchbayCore.Pool.Preparation?

    @Option(
        help: ArgumentHelp(
            """
            Whether a VM gets the device again that it had at its last start: always (if it cannot, it is not started), \
            preferred (another one if it is taken), storage (the default: always for disks and their controllers, never for \
            others) or never.
            """, valueName: "when"))
    var sticky: PatchbayCore.Pool.Stickiness?

    @Option(
        help: ArgumentHelp(
            """
            When a guest may reset a USB device of the pool: off (never), uninitialized (once it has set the device up; the \
            default) or on (always).
            """, valueName: "when"))
    var guestReset: GuestReset?

    var isEmpty: Bool {
        description == nil && deviceClass == nil && prepare == nil && sticky == nil && guestReset == nil
    }

    func draft(name: String? = nil, kind: DeviceKind? = nil, rules: [API.Rule]? = nil) -> API.PoolDraft {
        API.PoolDraft(
            name: name, kind: kind, description: description, deviceClass: deviceClass, preparation: prepare,
            rules: rules, sticky: sticky, guestReset: guestReset)
    }
}
