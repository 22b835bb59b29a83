import PatchbayCore

extension HelpTopic {
    static let requests = HelpTopic(
        name: "requests",
        text: """
            REQUESTS

              What claims ask for, one --request each; attach has the same as options. First what, then words after commas:

              gpus:4                        four devices of pool gpus
              atlas/41:00.0                 this very device
              nics:2,optional               two of nics; it goes on without them where they cannot be had

            Words
              numa=WORD          how near to the guest's NUMA cells: \(NUMAPolicy.words)
              topology=WORD      how they are plugged in: \(TopologyPolicy.words)
              group-policy=WORD  isolate: each from another physical function; none: as they come
              tag=NAME=VALUE     a tag that they must have through their pool's rules
              name=NAME          how the request is called; made from the pool or device when left out
              optional           go on without it

            Tags with a meaning of their own
              physical_network   the network it is plugged into; empty: none, which is what overlay networks ask for
              remote_managed     a virtual function of a card that runs its network itself (a DPU)
              trusted            its physical function may trust it; then it can, as far as card, firmware and driver let it,
                                 change its MAC address and see all traffic (promiscuous and multicast promiscuous mode).
                                 Cards that are managed remotely may forbid it.
              Tags say who gets which device; nothing is set on the card.

            Where
              --host, --label    which hosts may serve it: any of the named ones, with all of the labels
              --strategy         pack: the host with the fewest left; spread: the one with the most
              --from             a reservation whose devices it may take; they go back to it

            When nothing fits
              --wait             it waits in the queue; otherwise it is refused at once
              patchbay claim explain says what stands in the way on each host, and what would make it fit.

            """)
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// Its words, as a list.
    fileprivate static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
