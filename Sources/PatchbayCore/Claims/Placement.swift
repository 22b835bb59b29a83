/// The decision on one host: all requests served, or none and the reasons.
package enum Placement: Hashable, Sendable {
    case fits([AllocatedUnit])
    /// The first request that cannot be served beside the ones before it. What every device lacks for it: first the
    /// devices it asked for, then the others.
    case noFit(request: Request, [DeviceFit])
}
