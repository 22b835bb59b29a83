import PatchbayCore

extension API.Capabilities {
    package init(_ found: PCICapabilities) {
        self.init(
            standard: found.standard.map(Int.init), extended: found.extended?.map(Int.init), isSound: found.isSound,
            portType: found.express?.portType.map(\.words), resets: found.resets, msiVectors: found.msiVectors,
            msixVectors: found.msixVectors, acs: found.acs.map(API.ACS.init), ats: found.ats, hasPRI: found.hasPRI,
            hasPASID: found.hasPASID, hasARI: found.hasARI, hasAER: found.hasAER,
            sriov: found.sriov.map(API.SRIOV.init),
            resizableBARs: found.resizableBARs.map(API.ResizableBAR.init))
    }
}

extension PCICapabilities {
    fileprivate var resets: [String] {
        [
            express?.hasFLR == true ? "flr" : nil, hasAFReset ? "af" : nil, resetsOnPowerUp ? "pm" : nil,
        ].compactMap { $0 }
    }
}

extension API.ACS {
    package init(_ acs: PatchbayCore.ACS) {
        self.init(capable: acs.capable.words, enabled: acs.enabled.words)
    }
}

extension PatchbayCore.ACS.Bits {
    /// The bits by the names that lspci and the specification give them.
    fileprivate var words: [String] {
        let names: [(Self, String)] = [
            (.sourceValidation, "source validation"), (.translationBlocking, "translation blocking"),
            (.requestRedirect, "request redirect"), (.completionRedirect, "completion redirect"),
            (.upstreamForwarding, "upstream forwarding"), (.egressControl, "egress control"),
            (.directTranslated, "direct translated"),
        ]
        return names.filter { contains($0.0) }.map(\.1)
    }
}

extension API.SRIOV {
    package init(_ sriov: SRIOVCapability) {
        self.init(
            initialVFs: sriov.initialVFs, totalVFs: sriov.totalVFs, numVFs: sriov.numVFs,
            firstOffset: sriov.firstOffset, stride: sriov.stride, vfDeviceID: sriov.vfDeviceID.hex(4))
    }
}

extension API.ResizableBAR {
    /// Powers of two become MiB; what no 64-bit number can hold is left out.
    package init(_ bar: PatchbayCore.ResizableBAR) {
        self.init(
            index: bar.index, sizesMiB: bar.sizes.filter { (0..<63).contains($0) }.map { 1 << $0 },
            currentMiB: (0..<63).contains(bar.current) ? 1 << bar.current : 0)
    }
}

extension PCIExpressCapability.PortType {
    fileprivate var words: String {
        switch self {
        case .endpoint: "endpoint"
        case .legacyEndpoint: "legacy endpoint"
        case .rootPort: "root port"
        case .upstreamPort: "upstream port of a switch"
        case .downstreamPort: "downstream port of a switch"
        case .toConventionalBridge: "bridge to conventional PCI"
        case .fromConventionalBridge: "bridge from conventional PCI"
        case .integratedEndpoint: "endpoint integrated in the root complex"
        case .eventCollector: "event collector of the root complex"
        }
    }
}
