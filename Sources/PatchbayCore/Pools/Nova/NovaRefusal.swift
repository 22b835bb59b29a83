/// Why a setting written for OpenStack Nova is not accepted.
package struct NovaRefusal: Error, Hashable, Sendable {
    /// The facts that Nova tells apart, each beside the name of its exception.
    package enum Kind: String, Sendable, CaseIterable {
        /// Not JSON, not of the right shape, or a value out of its range: `PciConfigInvalidSpec`.
        case malformed
        /// The address has a form that is none: `PciDeviceWrongAddressFormat`.
        case malformedAddress
        /// Both an address and an interface say where the device is: `PciDeviceInvalidDeviceName`.
        case twoPlaces
        /// A remote-managed interface that the host does not have: `PciDeviceRemoteManagedNotPresent`.
        case interfaceMissing
        /// A physical function would be remote-managed: `PciDeviceInvalidPFRemoteManaged`.
        case remoteManagedParent
        /// Aliases that contradict each other, or lack what they need: `PciInvalidAlias`.
        case malformedAlias
        /// A request that no alias or no number stands for: `PciInvalidAlias`, `PciRequestAliasNotDefined`.
        case unknownAlias
        /// A NUMA policy that is none, or two at once: `InvalidPCINUMAAffinity`, `ImagePCINUMAPolicyForbidden`.
        case unclearPolicy
        /// No devices for what is asked: `PciDeviceRequestFailed`.
        case noDevices
        /// Devices that cannot be told to placement at all: `PlacementPciException`.
        case unreportable
        /// A physical function and virtual functions of it at once: `PlacementPciDependentDeviceException`.
        case dependentDevices
        /// Virtual functions of one physical function that differ in class: `PlacementPciMixedResourceClassException`.
        case mixedClasses
        /// Or in traits: `PlacementPciMixedTraitsException`.
        case mixedTraits
        /// A provider would go that somebody has an allocation of. Nova finds out only when placement says no.
        case stillAllocated
    }
    package var kind: Kind
    /// One sentence.
    package var sentence: String

    package init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }

    package var problem: Problem { Problem(.malformedRule, sentence, next: [next]) }

    private var next: NextStep {
        switch kind {
        case .malformed, .malformedAddress, .twoPlaces, .interfaceMissing, .remoteManagedParent, .malformedAlias,
            .unknownAlias, .unclearPolicy:
            "Write it as Nova's pci options document it, or as a rule of our own."
        case .unreportable:
            "Have report_in_placement on, name devices by address or ids, and say one_time_use of whole cards."
        case .noDevices: "Ask for fewer, or free devices of the host."
        case .dependentDevices: "Name the physical function or its virtual ones, and only what is in use already."
        case .mixedClasses, .mixedTraits:
            "Give all virtual functions of one physical function the same resource_class and traits."
        case .stillAllocated: "Name the device again, without physical_network, or take it from the guest first."
        }
    }
}
