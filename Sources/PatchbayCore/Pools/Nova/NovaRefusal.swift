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
        /// A view of the devices that cannot be reported: `PlacementPciException` and what derives from it.
        case unreportable
    }
    package var kind: Kind
    /// One sentence.
    package var sentence: String

    init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }

    package var problem: Problem {
        Problem(
            .malformedRule, sentence, next: ["Write it as Nova's pci options document it, or as a rule of our own."])
    }
}
