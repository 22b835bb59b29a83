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
            When devices leave their drivers on the host: eager (when they join the pool) or on-demand (when a VM with them \
            starts; the default).
            """,
            valueName: "when"))
    var prepare: PatchbayCore.Pool.Preparation?

    @Option(
        help: ArgumentHelp(
            """
            Whether a VM gets the same devices as at its last start: always (otherwise it is not started), preferred (others \
            if they are taken), storage (the default: always for disks and their controllers, never for others) or never.
            """, valueName: "when"))
    var sticky: PatchbayCore.Pool.Stickiness?

    @Option(
        help: ArgumentHelp(
            """
            USB pools: when a guest may reset a device: off (never), uninitialized (only once it has set the device up; the \
            default) or on (always). The words are libvirt's.
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
