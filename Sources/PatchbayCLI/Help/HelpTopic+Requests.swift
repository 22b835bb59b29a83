import PatchbayCore
import PatchbayText

extension HelpTopic {
    private static let topologies = TopologyPolicy.allCases.map { policy in
        String(repeating: " ", count: 23) + policy.rawValue.padded(to: 17) + "  " + policy.words
    }.joined(separator: "\n")

    static let requests = HelpTopic(
        name: "requests",
        text: """
            REQUESTS

              What a claim asks for, one --request each; attach has the same as options. First the pool or device, then
              options after commas:

              gpus:4                        four devices of pool gpus
              atlas/41:00.0                 exactly this device
              serial=4C530001               the device with this serial number, wherever it is plugged in
              nics:2,optional               two of nics; it starts without them if they are unavailable

            Options
              numa=WORD          how near to the guest:
                                   required   on a NUMA node that the guest uses
                                   socket     on a node of the same sockets
                                   preferred  near if possible, anywhere else if not
                                   legacy     as required, but a device whose node is unknown will do (default)
              topology=WORD      how they are connected to each other:
            \(topologies)
              group-policy=WORD  isolate: each from a different physical function; none: no such limit
              tag=NAME=VALUE     a tag that the rules of the pool give them
              name=NAME          name of the request; made from the pool or device when omitted
              optional           start without it if it is unavailable

            Tags with a special meaning
              physical_network   the network it is connected to; empty: none, which is what overlay networks ask for
              remote_managed     a virtual function of a card that runs its network itself (a DPU)
              trusted            its physical function may trust it; then it can, as far as card, firmware and driver allow,
                                 change its MAC address and see all traffic (promiscuous and multicast promiscuous mode).
                                 Cards that are managed remotely may forbid it.
              Tags only decide who gets which device; nothing is set on the card.

            Where
              --host, --label    hosts that may serve it: any of the named ones, with all of the labels
              --strategy         pack: the host with the fewest free devices; spread: the one with the most
              --from             a reservation whose devices it may take; they go back to it

            When nothing fits
              --wait             it waits in the queue; without it, it is refused at once
              patchbay claim explain shows for each host why it does not fit, and what would help.

            """)
}
