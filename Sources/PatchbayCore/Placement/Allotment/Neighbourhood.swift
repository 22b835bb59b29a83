/// How near the units of a host are to NUMA nodes that a guest sits on.
package struct Neighbourhood: Sendable {
    /// On one of the nodes.
    let affine: UnitSet
    /// On a node of one of their sockets; nil: the host does not tell all of its sockets, so nothing can be said.
    let socket: UnitSet?
    let homeless: UnitSet

    package init(of nodes: [NUMANode], on shape: HostShape) {
        affine = nodes.reduce(into: UnitSet()) { $0.formUnion(shape.nodes[$1] ?? []) }
        homeless = shape.homeless
        socket = shape.sockets(of: nodes).map { own in
            shape.nodes.reduce(into: UnitSet()) { near, entry in
                guard let there = shape.sockets[entry.key], !own.isDisjoint(with: there) else { return }
                near.formUnion(entry.value)
            }
        }
    }
}

/// Where the devices of a request ended up, as seen from the guest. Nova's stages, the nearest first.
package enum NUMAStage: Int, Hashable, Sendable, Comparable {
    /// The guest has no cells.
    case unconstrained
    case affine, socket, affineOrUnknown, any

    package static func < (a: NUMAStage, b: NUMAStage) -> Bool { a.rawValue < b.rawValue }
}

extension NUMAPolicy {
    /// What may be taken, stage by stage: the whole count comes from one of them, without mixing to get closer.
    ///
    /// - Returns: for each stage what it allows; `first` is taken before the rest of it.
    func stages(_ hood: Neighbourhood?, _ all: UnitSet) -> [(stage: NUMAStage, first: UnitSet, rest: UnitSet)] {
        guard let hood else { return [(.unconstrained, all, [])] }
        let affine = all.intersection(hood.affine)
        let known = all.intersection(hood.affine.union(hood.homeless))
        switch self {
        case .required: return [(.affine, affine, [])]
        case .socket:
            guard let socket = hood.socket else { return [(.affine, affine, [])] }
            return [(.affine, affine, []), (.socket, all.intersection(socket), [])]
        case .legacy: return [(.affine, affine, []), (.affineOrUnknown, known, [])]
        case .preferred:
            return [(.affine, affine, []), (.affineOrUnknown, known, []), (.any, known, all.subtracting(known))]
        }
    }

    /// All that the policy could ever allow.
    func allowed(_ hood: Neighbourhood?, _ all: UnitSet) -> UnitSet {
        stages(hood, all).reduce(into: UnitSet()) {
            $0.formUnion($1.first)
            $0.formUnion($1.rest)
        }
    }
}
