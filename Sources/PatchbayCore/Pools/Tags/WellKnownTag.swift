/// A tag whose name has a meaning of its own. The names and their meaning are Nova's; any other tag is just compared.
///
/// Source: the configuration reference of OpenStack Nova, `pci.device_spec`.
package enum WellKnownTag: String, Codable, Sendable, CaseIterable {
    /// The network that the device is plugged into; empty: none, which is what overlay networks ask for.
    case physicalNetwork = "physical_network"
    /// A virtual function of a card that runs its own network (a DPU). Only who asks for that gets it.
    case remoteManaged = "remote_managed"
    /// A virtual function that its physical one may trust.
    case trusted
    /// The hypervisor binds the driver.
    case managed
    case liveMigratable = "live_migratable"
    /// It is given away once, and then only after somebody has cleaned it.
    case oneTimeUse = "one_time_use"
    /// What it can do, as names separated by commas. Whoever asks for some of them gets what has all of those.
    case traits
    /// What it is, for those who ask by class; without it the class is made from its ids.
    case resourceClass = "resource_class"

    /// How its value is read.
    enum Form: Sendable {
        case text
        /// One of Nova's words for yes and no, and nothing else.
        case flag
        /// The same, and anything else means no.
        case lenientFlag
        case traits
        case resourceClass
    }

    var form: Form {
        switch self {
        case .physicalNetwork: .text
        case .remoteManaged: .lenientFlag
        case .trusted, .managed, .liveMigratable, .oneTimeUse: .flag
        case .traits: .traits
        case .resourceClass: .resourceClass
        }
    }
}
