import PatchbayCore

extension API {
    /// A question about a fleet that is not there: what would become of everything if these things were otherwise.
    package struct WhatIf: WireRequest, Hashable {
        /// One after the other.
        package var changes: [ScenarioChange]?
        /// A VM of this kind is placed `count` times, after the changes.
        package var guest: GuestShape?
        /// How many more of the guest are wanted; left out or 0: none, only how many would fit is told.
        package var count: Int?
        /// Pools whose capacity is told; left out: those that the changes make another, all where there are no changes.
        package var pools: [String]?
        /// Only whether `count` guests find room, and why not: nothing of more of them, of the largest, of pools that are not
        /// named. Much quicker.
        package var isBrief: Bool?
        package init(
            changes: [ScenarioChange]? = nil, guest: GuestShape? = nil, count: Int? = nil, pools: [String]? = nil,
            isBrief: Bool? = nil
        ) {
            self.isBrief = isBrief
            self.changes = changes
            self.guest = guest
            self.count = count
            self.pools = pools
        }
    }

    /// Exactly one of these.
    package struct ScenarioChange: WireRequest, Hashable {
        /// A host that is no more.
        package var hostGone: String?
        /// A host that takes nothing new and gives up what it has.
        package var drain: String?
        /// A device that is pulled out or broken.
        package var deviceGone: String?
        /// Devices of one host whose IOMMU groups become one, as after another kernel or firmware.
        package var joinGroups: [String]?
        /// A device whose IOMMU group falls apart: each member in a group of its own.
        package var splitGroup: String?
        /// Pools and profiles as they would be; expectations are checked.
        package var policy: PolicyDraft?
        package init(
            hostGone: String? = nil, drain: String? = nil, deviceGone: String? = nil, joinGroups: [String]? = nil,
            splitGroup: String? = nil, policy: PolicyDraft? = nil
        ) {
            self.hostGone = hostGone
            self.drain = drain
            self.deviceGone = deviceGone
            self.joinGroups = joinGroups
            self.splitGroup = splitGroup
            self.policy = policy
        }
    }

    /// A VM that is not there: its size and what it asks for.
    package struct GuestShape: WireRequest, Hashable {
        /// What is left out is as this profile says, and it asks for what the profile asks for, too.
        package var profile: String?
        /// Left out, and said by no profile: devices alone are placed, as for a claim of another system.
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var pin: PinPolicy?
        /// `2M`, `1G`
        package var hugepages: String?
        package var cells: Int?
        package var requests: [RequestDraft]?
        /// Hosts that may serve it; left out or empty: any.
        package var hosts: [String]?
        package var labels: [String: String]?
        /// `pack` when left out.
        package var strategy: PlacementStrategy?
        package init(
            profile: String? = nil, vcpus: Int? = nil, memoryMiB: Int? = nil, pin: PinPolicy? = nil,
            hugepages: String? = nil, cells: Int? = nil, requests: [RequestDraft]? = nil, hosts: [String]? = nil,
            labels: [String: String]? = nil, strategy: PlacementStrategy? = nil
        ) {
            self.profile = profile
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.pin = pin
            self.hugepages = hugepages
            self.cells = cells
            self.requests = requests
            self.hosts = hosts
            self.labels = labels
            self.strategy = strategy
        }
    }
}
