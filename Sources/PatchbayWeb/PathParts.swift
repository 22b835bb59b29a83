import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

/// The variable parts of an address, decoded.
struct PathParts: Sendable {
    let parameters: Parameters
    subscript(name: String) -> String { Percent.decode(parameters.get(name) ?? "") }
}
