import PatchbayAPI

/// What a function can be cut into.
package enum MediatedStory {
    package static func facts(of parent: API.MediatedParent, _ section: inout Story.Section) {
        section.add(
            "kind", parent.kind == "mdev" ? "mediated devices (mdev)" : "vGPU types of virtual functions (vendor VFIO)")
        section.add("type set", parent.currentType)
        section.add("types", parent.types.map(\.words))
        if let mig = parent.mig {
            section.add(
                "MIG",
                joining: [
                    mig.isEnabled ? "on" : "off", mig.isPending ? "changes at the next reset" : nil,
                    mig.instances.isEmpty ? nil : mig.instances.joined(separator: ", "),
                ])
        }
    }
}

extension API.MediatedType {
    /// `nvidia-474  NVIDIA A2-1B  4 more`
    package var words: String {
        [
            id, name ?? "", available.map { $0 == 0 ? "none left" : "\($0) more" } ?? "",
        ].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
