import PatchbayCore

extension TopologyPolicy {
    package var words: String {
        switch self {
        case .sameCard: "functions of one card"
        case .sameSwitch: "below one PCIe switch"
        case .sameRootComplex: "below one host bridge"
        case .apart: "each on a different card"
        }
    }
}

extension GroupPolicy {
    package var words: String {
        switch self {
        case .none: "from any physical function"
        case .isolate: "each from a different physical function"
        }
    }
}
