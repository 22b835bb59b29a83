/// What events told of a host since it was last read.
package struct HostChange: Hashable, Sendable {
    /// What is on a host beside its PCI functions, as far as events tell it apart.
    package enum Part: String, Hashable, Sendable, CaseIterable {
        case storage, network, mounts, drivers, usb, mediated
        /// Programs: what they have open, and their namespaces.
        case programs
    }

    /// Names of directories below `sys/bus/pci/devices`: what is there is to be read again.
    package var functions: Set<String> = []
    /// Those among them that came or went: nothing that was known of them holds.
    package var arrivals: Set<String> = []
    package var parts: Set<Part> = []
    /// Events were lost, or nobody can tell what changed.
    package var isEverything = false

    package init(functions: Set<String> = [], arrivals: Set<String> = [], parts: Set<Part> = []) {
        self.functions = functions.union(arrivals)
        self.arrivals = arrivals
        self.parts = parts
    }

    /// What programs have of the devices may be another now, so that they are looked at again.
    var isAboutPrograms: Bool {
        isEverything || !functions.isEmpty || !parts.isDisjoint(with: [.drivers, .usb, .mediated, .programs])
    }

    package static let everything: HostChange = {
        var change = HostChange()
        change.isEverything = true
        return change
    }()

    package mutating func formUnion(_ other: HostChange) {
        functions.formUnion(other.functions)
        arrivals.formUnion(other.arrivals)
        parts.formUnion(other.parts)
        isEverything = isEverything || other.isEverything
    }
}
